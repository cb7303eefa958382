"""How many calls one core carries:
the media plane beside Pipecat, same core, same speech, same stub delays.
"""
