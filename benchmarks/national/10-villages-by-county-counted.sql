SELECT code // 1000000, villager_committees FROM counts
WHERE level = 3 AND year = 2023 AND villager_committees > 0
