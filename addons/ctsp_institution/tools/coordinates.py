"""Conversion between the coordinate systems met on Chinese maps. Pure functions, degrees in and out.

WGS-84 is GPS (and CGCS2000 within a metre); GCJ-02 is the published offset system of Amap and Tencent; BD-09 is Baidu's
offset on top of GCJ-02. The inverse of GCJ-02 is found by iteration and is exact to about a millimetre.
"""
from math import atan2, cos, pi, radians, sin, sqrt

_AXIS = 6378245.0  # semi-major axis of the Krasovsky ellipsoid, metres
_ECCENTRICITY = 0.00669342162296594323  # squared
_BD_PI = pi * 3000.0 / 180.0
_PRECISION = 1e-9  # degrees


def in_china(longitude, latitude):
    """Tell whether the point lies in the rectangle in which GCJ-02 is offset."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def _waves(value, x_factor):
    return (20.0 * sin(6.0 * x_factor * pi) + 20.0 * sin(2.0 * x_factor * pi)) * 2.0 / 3.0 + value


def _offset(longitude, latitude):
    x, y = longitude - 105.0, latitude - 35.0
    lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    lat = _waves(lat, x)
    lat += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    lat += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    lon = _waves(lon, x)
    lon += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    lon += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    magic = 1 - _ECCENTRICITY * sin(radians(latitude)) ** 2
    lat = (lat * 180.0) / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * sqrt(magic)) * pi)
    lon = (lon * 180.0) / (_AXIS / sqrt(magic) * cos(radians(latitude)) * pi)
    return lon, lat


def wgs84_to_gcj02(longitude, latitude):
    """Return ``(longitude, latitude)`` in GCJ-02; unchanged outside China."""
    if not in_china(longitude, latitude):
        return longitude, latitude
    d_lon, d_lat = _offset(longitude, latitude)
    return longitude + d_lon, latitude + d_lat


def gcj02_to_wgs84(longitude, latitude):
    """Return ``(longitude, latitude)`` in WGS-84, found by iterating the forward conversion."""
    lon, lat = longitude, latitude
    for _step in range(30):
        try_lon, try_lat = wgs84_to_gcj02(lon, lat)
        d_lon, d_lat = try_lon - longitude, try_lat - latitude
        lon, lat = lon - d_lon, lat - d_lat
        if abs(d_lon) < _PRECISION and abs(d_lat) < _PRECISION:
            break
    return lon, lat


def gcj02_to_bd09(longitude, latitude):
    """Return ``(longitude, latitude)`` in BD-09."""
    z = sqrt(longitude**2 + latitude**2) + 0.00002 * sin(latitude * _BD_PI)
    theta = atan2(latitude, longitude) + 0.000003 * cos(longitude * _BD_PI)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006


def bd09_to_gcj02(longitude, latitude):
    """Return ``(longitude, latitude)`` in GCJ-02."""
    x, y = longitude - 0.0065, latitude - 0.006
    z = sqrt(x * x + y * y) - 0.00002 * sin(y * _BD_PI)
    theta = atan2(y, x) - 0.000003 * cos(x * _BD_PI)
    return z * cos(theta), z * sin(theta)


def to_wgs84(longitude, latitude, crs):
    """Return ``(longitude, latitude)`` in WGS-84, rounded to a centimetre.

    :param crs: ``wgs84``, ``gcj02`` or ``bd09``
    """
    if crs == "bd09":
        longitude, latitude = bd09_to_gcj02(longitude, latitude)
    if crs in ("bd09", "gcj02"):
        longitude, latitude = gcj02_to_wgs84(longitude, latitude)
    elif crs != "wgs84":
        raise ValueError(f"unknown coordinate system: {crs}")
    return round(longitude, 7), round(latitude, 7)
