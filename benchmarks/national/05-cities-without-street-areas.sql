SELECT code // 1000000 FROM counts WHERE level = 2 AND year = 2023 AND street_areas = 0
