package ai.robutler.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses that are not on the public internet. IPv4 is public unless listed; IPv6 only in its global block, and
 * there only when an IPv4 address that it carries is public too.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA: special IPv4 addresses</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA: special IPv6 addresses</a>
 */
final class InternalAddresses {
    private static final Map<AddressRange, String> INTERNAL = new LinkedHashMap<>();
    private static final AddressRange GLOBAL_V6 = AddressRange.of("2000::/3");
    private static final AddressRange NAT64 = AddressRange.of("64:ff9b::/96");
    private static final AddressRange SIX_TO_FOUR = AddressRange.of("2002::/16");
    private static final AddressRange TEREDO = AddressRange.of("2001::/32");

    static {
        list("an unspecified address", "0.0.0.0/8", "::/128");
        list("a loopback address", "127.0.0.0/8", "::1/128");
        list("a private address (RFC 1918)", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");
        list("a shared address of a carrier (RFC 6598)", "100.64.0.0/10");
        list("a link-local address", "169.254.0.0/16", "fe80::/10");
        list("a unique local address (fc00::/7)", "fc00::/7");
        list("a broadcast address", "255.255.255.255");
        list("a multicast address", "224.0.0.0/4", "ff00::/8");
        list("a reserved address", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4");
        list("an address for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");
        list("an address for documentation", "2001:db8::/32", "3fff::/20");
    }

    private InternalAddresses() {}

    /** What kind of internal address this is, as in "a loopback address"; empty for a public one. */
    static Optional<String> kindOf(InetAddress address) {
        Optional<String> listed = listed(address);
        if (listed.isPresent() || address instanceof Inet4Address) {
            return listed;
        }
        for (Inet4Address carried : carriedIn(address)) {
            Optional<String> kind = listed(carried);
            if (kind.isPresent()) {
                return kind.map(words -> words + " inside an IPv6 address");
            }
        }
        boolean global = GLOBAL_V6.contains(address) || NAT64.contains(address);
        return global ? Optional.empty() : Optional.of("no global IPv6 address");
    }

    private static Optional<String> listed(InetAddress address) {
        return INTERNAL.entrySet().stream()
                .filter(range -> range.getKey().contains(address))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The IPv4 addresses that a way from IPv6 to IPv4 would take out of this address. */
    private static List<Inet4Address> carriedIn(InetAddress address) {
        byte[] bytes = address.getAddress();
        List<Inet4Address> carried = new ArrayList<>();
        boolean compatibleOrMapped = allZero(bytes, 0, 10);
        boolean isatap = (bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && (bytes[11] & 0xff) == 0xfe;
        if (compatibleOrMapped || isatap || NAT64.contains(address)) {
            carried.add(v4(bytes, 12, 0));
        }
        if (SIX_TO_FOUR.contains(address)) {
            carried.add(v4(bytes, 2, 0));
        }
        if (TEREDO.contains(address)) {
            carried.add(v4(bytes, 4, 0));
            carried.add(v4(bytes, 12, 0xff));
        }
        return carried;
    }

    private static boolean allZero(byte[] bytes, int from, int to) {
        return Arrays.equals(bytes, from, to, new byte[to - from], 0, to - from);
    }

    private static Inet4Address v4(byte[] bytes, int from, int invertedBits) {
        byte[] four = Arrays.copyOfRange(bytes, from, from + 4);
        for (int i = 0; i < four.length; i++) {
            four[i] ^= (byte) invertedBits;
        }
        try {
            return (Inet4Address) InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static void list(String kind, String... blocks) {
        for (String block : blocks) {
            INTERNAL.put(AddressRange.of(block), kind);
        }
    }
}
