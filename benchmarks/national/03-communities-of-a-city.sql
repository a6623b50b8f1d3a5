SELECT code FROM divisions WHERE code // 100000000 = 5201 AND kind = 'resident-committee'
