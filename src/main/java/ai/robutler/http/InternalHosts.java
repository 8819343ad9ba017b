package ai.robutler.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The operator's list of internal hosts that may be called: the setting {@code gateway.internal-hosts}. */
final class InternalHosts {
    /** What the refused are told to edit. */
    static final String SETTING = "gateway.internal-hosts";

    private static final int ANY_PORT = -1;
    private static final String NAME = "[a-z0-9]([a-z0-9-]{0,62})(\\.[a-z0-9-]{1,63})*|[a-z0-9]";

    private final Set<NamedHost> names = new HashSet<>();
    private final List<AddressedHosts> addresses = new ArrayList<>();

    private record NamedHost(String name, int port) {}

    private record AddressedHosts(AddressRange range, int port) {}

    /**
     * Reads the list. An entry is a host name, an address, a CIDR block, either of the first two with {@code :port}
     * (IPv6 then in brackets), or the word {@code loopback}.
     *
     * @throws IllegalArgumentException for an entry that is none of these
     */
    InternalHosts(List<String> entries) {
        for (String entry : entries) {
            add(entry.strip().toLowerCase(Locale.ROOT));
        }
    }

    /** Whether a host of this name, in lower case, may be called on this port wherever it is. */
    boolean allowsName(String name, int port) {
        return names.contains(new NamedHost(name, ANY_PORT)) || names.contains(new NamedHost(name, port));
    }

    /** Whether this address may be called on this port. */
    boolean allowsAddress(InetAddress address, int port) {
        return addresses.stream()
                .anyMatch(hosts -> (hosts.port == ANY_PORT || hosts.port == port) && hosts.range.contains(address));
    }

    private void add(String entry) {
        if (entry.equals("loopback")) {
            addresses.add(new AddressedHosts(AddressRange.of("127.0.0.0/8"), ANY_PORT));
            addresses.add(new AddressedHosts(AddressRange.of("::1"), ANY_PORT));
            return;
        }
        Optional<AddressRange> range = AddressRange.read(entry);
        if (range.isPresent()) {
            addresses.add(new AddressedHosts(range.get(), ANY_PORT));
            return;
        }
        int colon = entry.lastIndexOf(':');
        if (colon < 0) {
            addHost(entry, entry, ANY_PORT);
            return;
        }
        addHost(entry, entry.substring(0, colon), port(entry, entry.substring(colon + 1)));
    }

    private void addHost(String entry, String host, int port) {
        Optional<InetAddress> address = AddressRange.address(host);
        if (address.isPresent()) {
            addresses.add(new AddressedHosts(AddressRange.of(host), port));
            return;
        }
        if (!host.matches(NAME) || HostText.endsInNumber(host)) {
            throw invalid(entry);
        }
        names.add(new NamedHost(host, port));
    }

    private static int port(String entry, String digits) {
        if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65_535) {
            throw invalid(entry);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException invalid(String entry) {
        return new IllegalArgumentException(
                SETTING + ": '" + entry + "' is no host name, address, CIDR block, host:port or the word loopback");
    }
}
