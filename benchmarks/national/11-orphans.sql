SELECT code FROM divisions WHERE level > 1 AND parent IS NULL
