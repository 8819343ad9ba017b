package ai.robutler.portal.intent;

/** All places within a radius. A box of degrees around it decides about most places without trigonometry. */
final class Area {
    private static final double MARGIN_DEGREES = 1e-6;
    private static final double HALF_TURN = 180;
    private static final double TURN = 360;

    private final Place centre;
    private final double radiusKm;
    private final double halfHeight;
    private final double halfWidth;

    /** @param radiusKm along the surface, from 0 on */
    Area(Place centre, double radiusKm) {
        this.centre = centre;
        this.radiusKm = radiusKm;
        double angle = radiusKm / Place.EARTH_KM;
        this.halfHeight = Math.toDegrees(angle) + MARGIN_DEGREES;
        this.halfWidth = halfWidth(centre, angle);
    }

    /** Degrees of longitude to either side; all of them when a pole is within the radius. */
    private static double halfWidth(Place centre, double angle) {
        double parallel = Math.cos(Math.toRadians(centre.latitude()));
        boolean hasPole = Math.toRadians(Math.abs(centre.latitude())) + angle >= Math.PI / 2;
        return hasPole ? HALF_TURN : Math.toDegrees(Math.asin(Math.sin(angle) / parallel)) + MARGIN_DEGREES;
    }

    /** Whether the place is in it, its edge included; across the date line too. */
    boolean contains(Place place) {
        if (Math.abs(place.latitude() - centre.latitude()) > halfHeight) {
            return false;
        }
        double turn = Math.abs(place.longitude() - centre.longitude());
        if (Math.min(turn, TURN - turn) > halfWidth) {
            return false;
        }
        return centre.kmTo(place) <= radiusKm;
    }
}
