"""Numbers of the 4370 protocol: commands, answers, tables, events."""

from enum import IntEnum, IntFlag


class Command(IntEnum):
    WRITE_USER = 8
    READ_OPTION = 11
    WRITE_OPTION = 12
    CLEAR_EVERYTHING = 14
    CLEAR_PUNCHES = 15
    DELETE_USER = 18
    DELETE_TEMPLATE = 19
    UNLOCK = 31
    SIZES = 50
    START_VERIFY = 60
    START_ENROL = 61
    CANCEL_CAPTURE = 62
    STATE = 64
    PIN_WIDTH = 69
    READ_TEMPLATE = 88
    SAVE_TEMPLATES = 110
    DELETE_TEMPLATE_BY_PIN = 134
    GET_TIME = 201
    SET_TIME = 202
    REGISTER_EVENT = 500
    CONNECT = 1000
    EXIT = 1001
    ENABLE = 1002
    DISABLE = 1003
    RESTART = 1004
    POWER_OFF = 1005
    REFRESH = 1013
    TEST_VOICE = 1017
    VERSION = 1100
    AUTHENTICATE = 1102
    PREPARE = 1500
    DATA = 1501
    FREE = 1502
    READ_TABLE = 1503
    READ_CHUNK = 1504


class Reply(IntEnum):
    EVENT = 500
    PREPARE = 1500
    DATA = 1501
    OK = 2000
    REFUSED = 2001
    UNAUTHENTICATED = 2005


class Table(IntEnum):
    TEMPLATES = 7
    USERS = 9
    PUNCHES = 13
    OPERATIONS = 34


class Event(IntFlag):
    PUNCH = 1
    FINGER = 2
    ENROLLED = 8
    SCORE = 256


class State(IntEnum):
    """What a machine says it is doing, in the session field of its answer."""

    WAITING = 0
    ENROLLING = 1
    IDENTIFYING = 2
