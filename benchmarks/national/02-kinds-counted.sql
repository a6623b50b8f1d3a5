UNPIVOT (
  SELECT sum(street_areas) AS "street-areas", sum(towns) AS towns,
    sum(resident_committees) AS "resident-committees", sum(villager_committees) AS "villager-committees"
  FROM counts WHERE level = 1 AND year = 2023
) ON * INTO NAME measure VALUE n
