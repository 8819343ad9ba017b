package ai.robutler.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A block of IP addresses: those that begin with the same bits. A single address is the block of all its bits. */
public final class AddressRange {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String V4 = OCTET + "(\\." + OCTET + "){3}";
    /** What a provider gives one subscriber at least: addresses within it are free to take. */
    private static final int SUBSCRIBER_BITS = 56;

    private final byte[] start;
    private final int bits;

    private AddressRange(byte[] start, int bits) {
        this.start = start;
        this.bits = bits;
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, {@code 10.1.2.3} or {@code ::1}.
     *
     * @throws IllegalArgumentException when the text is no such block
     */
    public static AddressRange of(String text) {
        return read(text).orElseThrow(() -> new IllegalArgumentException("not an address or CIDR block: " + text));
    }

    /** Reads a block as {@link #of}; empty when the text is not one. */
    static Optional<AddressRange> read(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        byte[] start = address.get().getAddress();
        if (slash < 0) {
            return Optional.of(new AddressRange(start, 8 * start.length));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > 8 * start.length) {
            return Optional.empty();
        }
        return Optional.of(new AddressRange(start, Integer.parseInt(length)));
    }

    /**
     * The address that a text writes out: four decimal numbers without leading zeros, or IPv6 with or without brackets.
     * Never asks a name server; empty for anything else.
     */
    public static Optional<InetAddress> address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean v6 = bare.toLowerCase(Locale.ROOT).matches("[0-9a-f:.]*:[0-9a-f:.]*");
        boolean v4 = !bracketed && bare.matches(V4);
        if (!v6 && !v4) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(v6 ? "[" + bare + "]" : bare));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * What an address is counted under: itself, or of IPv6 the {@code /56} block that it lies in, since one subscriber has
     * all of that. What is no address stays as it is.
     */
    public static String subscriber(String text) {
        if (text.indexOf(':') < 0) {
            return text;
        }
        String end = "/" + SUBSCRIBER_BITS;
        return address(text.replaceFirst("%.*", "").replaceFirst(end + "$", ""))
                .map(known -> known instanceof Inet6Address ? block(known.getAddress()) + end : known.getHostAddress())
                .orElse(text);
    }

    private static String block(byte[] address) {
        Arrays.fill(address, SUBSCRIBER_BITS / 8, address.length, (byte) 0);
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 16 bytes", e);
        }
    }

    /** Whether the address lies in this block; one of the other family never does. */
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != start.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = 0xff << Math.max(0, 8 - (bits - bit));
            if (((other[bit / 8] ^ start[bit / 8]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
