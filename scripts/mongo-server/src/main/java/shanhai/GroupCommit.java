package shanhai;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Answers a write only after the store has committed it, with one commit for all writers that wait at the same time.
 *
 * <p>A write touches several maps (document, indexes, sizes). A commit takes whatever the maps hold at that moment, so it
 * must never fall between two of them: writes share a lock that a commit holds alone. Otherwise a kill right after such a
 * commit would leave a unique key without its document.
 */
final class GroupCommit {

    private final ReentrantReadWriteLock store = new ReentrantReadWriteLock(true);
    private final Runnable commit;
    private final Object turn = new Object();
    private long applied;
    private long committed;
    private long commits;
    private boolean committing;

    /** @param commit makes everything applied so far survive a killed process; throws if it can't */
    GroupCommit(Runnable commit) {
        this.commit = commit;
    }

    /**
     * Runs a write and returns, or throws what the write threw, once the store has committed it. An error is held back
     * like an answer: "duplicate key" tells the caller that another writer's document is there to stay.
     */
    <T> T write(Supplier<T> work) {
        long ticket;
        store.readLock().lock();
        try {
            return work.get();
        } finally {
            synchronized (turn) {
                ticket = ++applied;
            }
            store.readLock().unlock();
            awaitCommit(ticket);
        }
    }

    /** Runs work that needs the store between two writes, such as compaction. */
    void exclusively(Runnable work) {
        store.writeLock().lock();
        try {
            work.run();
        } finally {
            store.writeLock().unlock();
        }
    }

    /** How many writes were committed, and with how many commits. */
    long[] counts() {
        synchronized (turn) {
            return new long[] {committed, commits};
        }
    }

    private void awaitCommit(long ticket) {
        synchronized (turn) {
            while (committed < ticket && committing) {
                waitForTurn();
            }
            if (committed >= ticket) {
                return;
            }
            committing = true;
        }
        long reached = 0;
        try {
            reached = commitAll();
        } finally {
            synchronized (turn) {
                committing = false;
                if (reached > 0) {
                    committed = reached;
                    commits++;
                }
                turn.notifyAll();
            }
        }
    }

    private long commitAll() {
        store.writeLock().lock();
        try {
            long reached;
            synchronized (turn) {
                reached = applied;
            }
            commit.run();
            return reached;
        } finally {
            store.writeLock().unlock();
        }
    }

    private void waitForTurn() {
        boolean interrupted = false;
        while (true) {
            try {
                turn.wait();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
