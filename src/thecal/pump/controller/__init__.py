"""The controller: it decides which strokes are owed. Whether they pass is the supervisor's to say."""
