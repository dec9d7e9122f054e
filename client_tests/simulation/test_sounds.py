"""Sounds are measured, and silence is a sound."""

import io
import wave

import pytest

from mockserver.simulation.sounds import SAMPLES, cost, seconds, silence


def test_silence_is_as_long_as_it_is_said_to_be():
    with wave.open(io.BytesIO(silence("wav", 1.5))) as sound:
        assert (1, 2, SAMPLES) == (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
        assert 1.5 * SAMPLES == sound.getnframes()


def test_a_wav_tells_its_length():
    assert 1.5 == seconds(silence("wav", 1.5))


def test_a_second_costs_ten_tokens():
    assert 15 == cost(silence("wav", 1.5))
    assert 1 == cost(silence("wav", 0.01))
    assert 10 == cost(bytes(16_000)), "128 kbit/s, if it does not say"


def test_an_mp3_is_made_of_whole_frames():
    data = silence("mp3", 0.1)

    assert 4 == data.count(b"\xff\xfb\x90\xc4")
    assert 4 * 417 == len(data)


def test_raw_sound_is_samples_alone():
    assert bytes(2 * SAMPLES) == silence("pcm16", 1)


def test_other_forms_are_not_made():
    with pytest.raises(KeyError):
        silence("opus", 1)
