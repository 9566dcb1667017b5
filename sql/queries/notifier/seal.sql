-- Brings the order of the change record up to date, so that nobody's feed has much to catch up with.
SELECT change_seal(10000)
