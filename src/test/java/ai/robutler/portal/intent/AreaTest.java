package ai.robutler.portal.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which places are within a radius. */
final class AreaTest {
    private static final Place BERLIN = new Place(52.52, 13.405);
    private static final Place PARIS = new Place(48.8566, 2.3522);

    @Test
    void kmTo_isTheWayAlongTheSurface() {
        assertThat(BERLIN.kmTo(PARIS)).isCloseTo(877.5, within(1.0));
        assertThat(PARIS.kmTo(BERLIN)).isEqualTo(BERLIN.kmTo(PARIS));
        assertThat(BERLIN.kmTo(BERLIN)).isZero();
        assertThat(new Place(0, 0).kmTo(new Place(0, 180))).isCloseTo(20_015, within(1.0));
        assertThat(new Place(90, 0).kmTo(new Place(-90, 77))).isCloseTo(20_015, within(1.0));
    }

    @ParameterizedTest
    @CsvSource({
        // centre, radius, other place, whether it is inside
        "52.52, 13.405, 880, 48.8566, 2.3522, true",
        "52.52, 13.405, 870, 48.8566, 2.3522, false",
        "0, 179.9, 30, 0, -179.9, true",
        "0, 179.9, 20, 0, -179.9, false",
        "-16.5, -179.95, 15, -16.5, 179.95, true",
        "89.9, 0, 30, 89.9, 180, true",
        "89.9, 0, 20, 89.9, 180, false",
        "90, 0, 12, 89.9, -123, true",
        "-89.95, 10, 20, -89.95, -170, true",
        "-90, 0, 100, -89, 45, false",
        "-90, 0, 112, -89, 45, true",
        "10, 10, 0, 10, 10, true",
        "10, 10, 0, 10.001, 10, false",
        "45, 180, 1, 45, -180, true",
        "0, 0, 20040, 0, 180, true",
    })
    void contains_whatIsWithinTheRadius(
            double latitude, double longitude, double km, double otherLatitude, double otherLongitude, boolean inside) {
        Area area = new Area(new Place(latitude, longitude), km);

        assertThat(area.contains(new Place(otherLatitude, otherLongitude))).isEqualTo(inside);
    }

    @Test
    void contains_everywhere_agreesWithTheWayAlone() {
        SplittableRandom random = new SplittableRandom(4);
        int inside = 0;
        for (int i = 0; i < 200_000; i++) {
            Place centre = random(random);
            Place other = random(random);
            double km = random.nextDouble(20_040);
            boolean near = centre.kmTo(other) <= km;
            inside += near ? 1 : 0;
            assertThat(new Area(centre, km).contains(other))
                    .as("%s %s %s", centre, other, km)
                    .isEqualTo(near);
        }
        assertThat(inside).isBetween(50_000, 150_000);
    }

    private static Place random(SplittableRandom random) {
        return new Place(random.nextDouble(-90, 90), random.nextDouble(-180, 180));
    }
}
