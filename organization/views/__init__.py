"""The pages of employees, officers and one's own account: thin over the services."""
