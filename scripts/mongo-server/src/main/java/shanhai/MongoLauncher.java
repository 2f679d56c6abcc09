package shanhai;

import de.bwaldvogel.mongo.MongoServer;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Runs the embedded server: {@code MongoLauncher PORT FILE [PARENT_PID]}. Listens on 127.0.0.1 only, prints one line when
 * it takes connections, closes the store on SIGTERM, and ends by itself when the process PARENT_PID is gone.
 */
public final class MongoLauncher {

    private static final int CONNECTION_THREADS = 64;
    private static final long COMPACT_EVERY_MS = 500;
    private static final long PARENT_CHECK_EVERY_MS = 500;

    private MongoLauncher() {
    }

    public static void main(String[] args) {
        if (args.length < 2 || args.length > 3) {
            System.err.println("usage: MongoLauncher PORT FILE [PARENT_PID]");
            System.exit(2);
        }
        int port = Integer.parseInt(args[0]);
        Optional<ProcessHandle> parent = args.length == 3 ? watched(Long.parseLong(args[2])) : Optional.empty();

        DurableBackend backend;
        MongoServer server;
        try {
            backend = new DurableBackend(args[1]);
            server = new MongoServer(backend);
            server.bind(new InetSocketAddress("127.0.0.1", port), 1, CONNECTION_THREADS);
        } catch (RuntimeException e) {
            System.err.println("cannot start: " + e.getMessage());
            System.exit(1);
            return;
        }

        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, backend), "stop"));
        every(COMPACT_EVERY_MS, "compact", backend::compactIfWritten);
        parent.ifPresent(handle -> every(PARENT_CHECK_EVERY_MS, "parent", () -> {
            if (!handle.isAlive()) {
                System.exit(0);
            }
        }));
        System.out.println("listening on 127.0.0.1:" + server.getLocalAddress().getPort());
    }

    private static Optional<ProcessHandle> watched(long pid) {
        Optional<ProcessHandle> parent = ProcessHandle.of(pid);
        if (parent.isEmpty()) {
            System.err.println("the process that started this server is gone");
            System.exit(0);
        }
        return parent;
    }

    private static void stop(MongoServer server, DurableBackend backend) {
        long[] counts = backend.counts();
        server.shutdownNow();
        System.out.println("stopped after " + counts[0] + " writes in " + counts[1] + " commits");
    }

    private static void every(long millis, String name, Runnable work) {
        Thread thread = new Thread(() -> {
            while (true) {
                try {
                    Thread.sleep(millis);
                    work.run();
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    System.err.println(name + ": " + e.getClass().getName());
                }
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }
}
