SELECT t.code // 1000 || '-street-office', count(*) AS n FROM divisions v JOIN divisions t ON v.parent = t.code
WHERE t.kind = 'street-area' AND v.kind IN ('resident-committee', 'villager-committee')
GROUP BY ALL HAVING n >= 60
