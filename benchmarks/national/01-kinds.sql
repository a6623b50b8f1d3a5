SELECT CASE kind WHEN 'district' THEN 'District' WHEN 'county-level-city' THEN 'CountyLevelCity'
  WHEN 'street-area' THEN 'StreetArea' WHEN 'town' THEN 'Town'
  WHEN 'resident-committee' THEN 'CommunityUnit' ELSE 'VillageUnit' END AS kind, level, count(*) AS n
FROM divisions
WHERE kind IN ('district', 'county-level-city', 'street-area', 'town', 'resident-committee', 'villager-committee')
  AND NOT (kind = 'town' AND name LIKE '%直辖村级区划')
GROUP BY ALL
