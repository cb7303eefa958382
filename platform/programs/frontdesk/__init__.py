"""The frontdesk language model: dialogue generator, training, evaluation and export."""
