SELECT v.code // 1000000, count(*) FROM divisions v
JOIN divisions t ON v.parent = t.code JOIN divisions c ON t.parent = c.code
WHERE v.kind = 'villager-committee' AND c.level = 3 GROUP BY ALL
