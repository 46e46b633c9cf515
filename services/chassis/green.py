"""Makes this process cooperative; import it before anything that opens sockets or locks."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # eventlet announces at import that it is in maintenance
    import eventlet

    eventlet.monkey_patch()
