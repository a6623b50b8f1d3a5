SELECT code // 1000 FROM divisions WHERE name IN ('新华街道', '新华街道办事处') AND kind = 'street-area'
