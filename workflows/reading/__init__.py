"""The BPMN of a SOP read: the gate, what the diagram says, whether it can run."""
