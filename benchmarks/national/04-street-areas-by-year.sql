SELECT code // 1000000, year, street_areas FROM counts WHERE level = 2 AND street_areas IS NOT NULL
