package ai.robutler.portal.intent;

/**
 * A place on the earth, which is taken for a sphere.
 *
 * @param latitude degrees, -90 to 90
 * @param longitude degrees, -180 to 180
 */
record Place(double latitude, double longitude) {
    /** The earth's mean radius. */
    static final double EARTH_KM = 6371.0088;

    /** The way along the surface, in km, by the haversine formula. */
    double kmTo(Place other) {
        double north = Math.sin(Math.toRadians(other.latitude - latitude) / 2);
        double east = Math.sin(Math.toRadians(other.longitude - longitude) / 2);
        double parallels = Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(other.latitude));
        double half = north * north + parallels * east * east;
        return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
    }
}
