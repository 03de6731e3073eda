package io.processoptimizer.status;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names by which a worker may be asked. A web site can point its own name at this host once a browser has loaded it (DNS rebinding) and
 * would then read the answers; it cannot send another name than its own, nor an IP address.
 */
final class HostNames {
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
    private static final Pattern IP4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IP6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");
    private static final int SHOWN = 80;

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    /** @param more names beside localhost and the host's own */
    HostNames(Collection<String> more) {
        more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        try {
            names.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
        } catch (UnknownHostException e) {
            // A host without a name is asked by its address.
            return;
        }
    }

    /** @param host the header; HTTP/1.0 has none, and no browser speaks it */
    boolean isOurs(@Nullable String host) {
        if (host == null) {
            return true;
        }
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return names.contains(name)
                || IP4.matcher(name).matches()
                || IP6.matcher(name).matches();
    }

    static String printable(@Nullable String host) {
        String text = host == null ? "" : host.replaceAll("[^A-Za-z0-9.:_-]", "?");
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
