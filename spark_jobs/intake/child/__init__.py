"""Decoding in a child process, which a hostile file may exhaust or kill without harm to any other delivery."""
