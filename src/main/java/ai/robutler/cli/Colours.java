package ai.robutler.cli;

/** Whether answers may have colours: on a terminal, and unless somebody said no (see no-color.org). */
final class Colours {
    private Colours() {}

    static boolean wanted(Host host, boolean refused) {
        return !refused
                && host.terminal().interactive()
                && host.environment().getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(host.environment().get("TERM"));
    }
}
