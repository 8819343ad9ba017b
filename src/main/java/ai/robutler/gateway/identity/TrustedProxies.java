package ai.robutler.gateway.identity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proxies whose {@code X-Forwarded-For} is believed, as addresses or CIDR blocks. */
public final class TrustedProxies {
    private final List<Block> blocks = new ArrayList<>();

    /** @throws IllegalArgumentException for an entry that is neither an address nor a CIDR block */
    public TrustedProxies(List<String> entries) {
        entries.forEach(entry -> blocks.add(Block.parse(entry)));
    }

    /**
     * The caller's address: from the right of the forwarded addresses, the first that is not a trusted proxy's; the
     * socket's own when that is not one.
     *
     * @param socket the address at the other end of the connection
     * @param forwarded the values of {@code X-Forwarded-For}, in order
     */
    public String callerAddress(String socket, List<String> forwarded) {
        if (blocks.isEmpty() || forwarded.isEmpty() || !trusts(socket)) {
            return socket;
        }
        String[] hops = String.join(",", forwarded).split(",", -1);
        String nearest = socket;
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = hops[i].trim();
            if (Block.literal(hop) == null) {
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
        byte[] bytes = Block.literal(address);
        return bytes != null && blocks.stream().anyMatch(block -> block.holds(bytes));
    }

    private static final class Block {
        private final byte[] address;
        private final int bits;

        private Block(byte[] address, int bits) {
            this.address = address;
            this.bits = bits;
        }

        static Block parse(String entry) {
            int slash = entry.indexOf('/');
            byte[] address = literal(slash < 0 ? entry : entry.substring(0, slash));
            try {
                int bits = slash < 0 ? Integer.MAX_VALUE : Integer.parseInt(entry.substring(slash + 1));
                if (address != null && bits >= 0) {
                    return new Block(address, Math.min(bits, address.length * 8));
                }
            } catch (NumberFormatException notBits) {
                // told below
            }
            throw new IllegalArgumentException("setting 'gateway.trusted-proxies' has '" + entry
                    + "'; it takes addresses such as 10.0.0.1 or 10.0.0.0/8");
        }

        /** The bytes of an address in digits; null for a name, which is never looked up. */
        static byte @Nullable [] literal(String text) {
            if (text.isEmpty() || !text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')) {
                return null;
            }
            if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3) {
                return null;
            }
            try {
                return InetAddress.getByName(text).getAddress();
            } catch (UnknownHostException notAnAddress) {
                return null;
            }
        }

        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
