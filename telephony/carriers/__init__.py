"""The carriers: each folder in here is one, and nothing else is edited to add one.

A carrier's folder, named as the carrier, holds
- `stream_codec.py` with `CODEC`, a `telephony.carriers.wire.Codec`: its media socket's wire; no
  Django, since the media plane imports it. The socket's path is /<name>/media;
- `documents.py` with `render`: what call control decides, on the carrier's wire;
- `urls.py` with `urlpatterns`: its webhooks, all of them under /<name>/. They check the carrier's
  signature, parse what it says into `telephony.types`, and ask `telephony.control`;
- `settings.py` with `SETTINGS`, if it has any: its settings, environment variables that begin with
  its name in capitals, each a `warmline.kernel.configuration.setting.Setting`.

Folders of further carriers may lie elsewhere: WARMLINE_CARRIERS names the folders that hold them,
separated as in PATH.
"""

from warmline.kernel import configuration

__path__ += configuration.CARRIERS.value()
