package ai.robutler;

import ai.robutler.api.portal.Portal;
import ai.robutler.gateway.model.Secret;
import ai.robutler.gateway.portal.RemotePortal;
import ai.robutler.http.BaseUrlGuard;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Where the portal is: in this process, or behind {@code portal.url}. */
final class RemoteMode {

    private RemoteMode() {}

    /** Whether the portal is another process. @throws IllegalArgumentException for a mode that is none */
    static boolean isOn(Settings settings) {
        String mode = settings.text("portal.mode");
        return switch (mode) {
            case "remote" -> true;
            case "embedded" -> false;
            default ->
                throw new IllegalArgumentException(
                        "setting 'portal.mode' is '" + mode + "'; it takes embedded or remote");
        };
    }

    /** Where the portal is; empty when it is in this process. */
    static String address(Settings settings) {
        return isOn(settings) ? settings.text("portal.url") : "";
    }

    /** Whether the portal can be asked for agents: a remote one only with a key. */
    static boolean hasAgents(Settings settings) {
        return !isOn(settings) || !settings.text("portal.api-key").isBlank();
    }

    /** The portal at {@code portal.url}: over https, or a host of {@code gateway.internal-hosts}. */
    static Portal portal(Settings settings) {
        String url = settings.text("portal.url");
        URI address;
        try {
            address = new BaseUrlGuard(settings.list("gateway.internal-hosts"), RemoteMode::addresses)
                    .check(url)
                    .uri();
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("setting 'portal.url': " + refused.getMessage(), refused);
        }
        return new RemotePortal(address, new Secret(settings.text("portal.api-key")), timeout(settings));
    }

    /** Looks nothing up: a portal that is not there yet must not stop the start. Any name but this machine's counts as public. */
    private static List<InetAddress> addresses(String host) throws UnknownHostException {
        byte[] somewhere = {1, 1, 1, 1};
        return List.of(
                host.equals("localhost")
                        ? InetAddress.getLoopbackAddress()
                        : InetAddress.getByAddress(host, somewhere));
    }

    private static Duration timeout(Settings settings) {
        Duration whole = settings.duration("portal.timeout");
        Duration oneTry = settings.duration("gateway.portal.try-timeout");
        return whole.compareTo(oneTry) < 0 ? whole : oneTry;
    }
}
