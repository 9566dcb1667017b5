SELECT name, type, help, labels, value FROM metric_list();
