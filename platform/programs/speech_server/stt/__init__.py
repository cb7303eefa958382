"""Speech to text: the receptionist's language model, the decoders and their slots."""
