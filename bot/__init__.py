"""The conversation with a patient, from message to verified reply."""
