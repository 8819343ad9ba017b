package ai.robutler.gateway.identity;

import ai.robutler.http.AddressRange;
import java.util.ArrayList;
import java.util.List;

/** The proxies whose {@code X-Forwarded-For} is believed, as addresses or CIDR blocks. */
public final class TrustedProxies {
    private final List<AddressRange> ranges = new ArrayList<>();

    /** @throws IllegalArgumentException for an entry that is neither an address nor a CIDR block */
    public TrustedProxies(List<String> entries) {
        for (String entry : entries) {
            try {
                ranges.add(AddressRange.of(entry));
            } catch (IllegalArgumentException notAnAddress) {
                throw new IllegalArgumentException(
                        "setting 'gateway.trusted-proxies' has '" + entry
                                + "'; it takes addresses such as 10.0.0.1 or 10.0.0.0/8",
                        notAnAddress);
            }
        }
    }

    /**
     * The caller's address: from the right of the forwarded addresses, the first that is not a trusted proxy's; the
     * socket's own when that is not one. A name is never looked up.
     *
     * @param socket the address at the other end of the connection
     * @param forwarded the values of {@code X-Forwarded-For}, in order
     */
    public String callerAddress(String socket, List<String> forwarded) {
        if (ranges.isEmpty() || forwarded.isEmpty() || !trusts(socket)) {
            return socket;
        }
        String[] hops = String.join(",", forwarded).split(",", -1);
        String nearest = socket;
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = hops[i].trim();
            if (AddressRange.address(hop).isEmpty()) {
                return nearest;
            }
            nearest = hop;
            if (!trusts(hop)) {
                return hop;
            }
        }
        return nearest;
    }

    private boolean trusts(String address) {
        return AddressRange.address(address)
                .map(known -> ranges.stream().anyMatch(range -> range.contains(known)))
                .orElse(false);
    }
}
