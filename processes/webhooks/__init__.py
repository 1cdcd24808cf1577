"""Programs outside are told of events: which there are, who hears them, how they get there.

`kinds` names the events, `hearing` writes the messages in the transaction of the event, `sending`
signs and delivers one. The writes that people make are in `processes.services.webhooks`.
"""
