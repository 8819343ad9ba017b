package ai.robutler.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a URL that a user gave may be called, so that nobody makes the gateway call into its own network.
 *
 * <p>Names are resolved once, here. The caller connects to one of the addresses handed back, never to the name, else a
 * second look-up could lead elsewhere; it follows no redirect without asking again.
 */
public final class BaseUrlGuard {
    private final InternalHosts internalHosts;
    private final Resolver resolver;

    /** Looks up the addresses of a host name. */
    @FunctionalInterface
    public interface Resolver {
        /**
         * All addresses of the host.
         *
         * @throws UnknownHostException when there is none
         */
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /**
     * A URL that may be called.
     *
     * @param uri the URL as given
     * @param addresses where to connect to, in the resolver's order; one at least, and each of them permitted
     */
    public record Checked(URI uri, List<InetAddress> addresses) {
        /** Copies the addresses. */
        public Checked {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * A guard with the operator's exceptions.
     *
     * @param internalHosts hosts that may be called although they are internal, and without TLS: host names, addresses,
     *     CIDR blocks, {@code host:port}, and the word {@code loopback}
     * @param resolver asked once a check, and only for names
     * @throws IllegalArgumentException for an entry that is none of these
     */
    public BaseUrlGuard(List<String> internalHosts, Resolver resolver) {
        this.internalHosts = new InternalHosts(internalHosts);
        this.resolver = resolver;
    }

    /** A guard that asks the system's name service, and waits for it. */
    public static BaseUrlGuard withSystemNames(List<String> internalHosts) {
        return new BaseUrlGuard(internalHosts, host -> List.of(InetAddress.getAllByName(host)));
    }

    /**
     * Checks one URL: https, to public addresses only. A host on the operator's list may be internal, and http.
     *
     * @throws IllegalArgumentException when it may not be called; the message says why and what to do, and neither the
     *     URL, which may hold a secret, nor the addresses behind a name, which are not the caller's business
     */
    public Checked check(String url) {
        HostText target = HostText.of(url);
        List<InetAddress> addresses = addressesOf(target);
        boolean listed = internalHosts.allowsName(target.host(), target.port())
                || addresses.stream().allMatch(address -> internalHosts.allowsAddress(address, target.port()));
        if (listed) {
            return new Checked(target.uri(), addresses);
        }
        for (InetAddress address : addresses) {
            requirePublic(target, address);
        }
        if (!target.isEncrypted()) {
            throw refused(target, "it must be called over https");
        }
        return new Checked(target.uri(), addresses);
    }

    private List<InetAddress> addressesOf(HostText target) {
        Optional<InetAddress> written = AddressRange.address(target.host());
        if (written.isPresent()) {
            return List.of(written.get());
        }
        try {
            List<InetAddress> addresses = resolver.resolve(target.host());
            if (!addresses.isEmpty()) {
                return List.copyOf(addresses);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(unknown(target), e);
        }
        throw new IllegalArgumentException(unknown(target));
    }

    private void requirePublic(HostText target, InetAddress address) {
        if (internalHosts.allowsAddress(address, target.port())) {
            return;
        }
        Optional<String> kind = InternalAddresses.kindOf(address);
        if (kind.isPresent()) {
            throw refused(target, "it is or resolves to " + kind.get());
        }
    }

    private static String unknown(HostText target) {
        return "URL refused: " + target.host() + " does not resolve; check its spelling";
    }

    private static IllegalArgumentException refused(HostText target, String reason) {
        return new IllegalArgumentException("URL refused: " + target.host() + ": " + reason
                + ". If this host is meant to be called, the operator can add it to " + InternalHosts.SETTING);
    }
}
