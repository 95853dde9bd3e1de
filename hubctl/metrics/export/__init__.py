"""What takes rows out of the store: files, a QuestDB, Prometheus; and how far each is."""
