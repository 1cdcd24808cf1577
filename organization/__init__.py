"""Who and when: agencies, people, appointments, accounts, calendars."""
