"""Pages over the services: inbox, task, instance, start. A GET changes nothing but `opened_at`."""
