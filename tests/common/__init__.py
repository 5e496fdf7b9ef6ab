# SPDX-License-Identifier: ISC
"""What the tests of the whole program have in common."""
