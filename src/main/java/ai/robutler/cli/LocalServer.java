package ai.robutler.cli;

import java.nio.file.Path;

/**
 * The server of a folder, running or not.
 *
 * @param port that it listens on
 * @param data the folder of its database, content and admin's key
 */
public record LocalServer(int port, Path data) {}
