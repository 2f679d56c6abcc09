package shanhai;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.EmptyIndex;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * The H2 backend with durable answers: a write is in the file (handed to the operating system) before its reply leaves.
 * It survives a killed process, not a power cut. Reads do not wait and may see a write whose reply has not left yet.
 */
final class DurableBackend extends H2Backend {

    /** What MongoDB 5.0 reports; the driver refuses a server below wire version 9. */
    private static final MongoVersion VERSION = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        @Override
        public int getWireVersion() {
            return 13;
        }
    };

    /** Commands that never change a document; anything else is taken for a write. */
    private static final Set<String> READS = Set.of(
        "find", "getmore", "count", "distinct", "killcursors", "listcollections", "listindexes", "listdatabases", "ping",
        "hello", "ismaster", "buildinfo", "serverstatus", "dbstats", "collstats", "validate", "whatsmyuri",
        "getlasterror", "connectionstatus", "hostinfo", "getlog", "getcmdlineopts", "getfreemonitoringstatus",
        "endsessions", "replsetgetstatus", "getparameter", "saslstart", "saslcontinue", "aborttransaction");

    /** Old pages guard against a power cut only, which this store does not promise to survive; 45 s of them is 400 MB. */
    private static final int RETENTION_MS = 1_000;
    private static final int COMPACT_FILL_PERCENT = 60;
    private static final int COMPACT_BYTES = 1024 * 1024;

    /** Of the pages that were read or written last, as they stand in the file; the default of 16 has them read again. */
    private static final int CACHE_MB = 128;

    private static final String DATABASES_PREFIX = "databases.";
    private static final String META_PREFIX = "meta.";
    private static final String INDEX_INFIX = "._index_";

    private final GroupCommit group = new GroupCommit(this::commit);
    private long compactedAt;

    /** Opens or creates the store. Its own timed commits are off: they could fall into the middle of a write. */
    DurableBackend(String file) {
        super(new MVStore.Builder().fileName(file).autoCommitDisabled().cacheSize(CACHE_MB).open());
        version(VERSION);
        getMvStore().setRetentionTime(RETENTION_MS);
    }

    /**
     * A database whose collections look up more by id. An inner class, because its constructor opens collections before
     * fields of its own could be set.
     */
    private final class KeyedDatabase extends H2Database {

        KeyedDatabase(String name) {
            super(name, getMvStore(), getCursorRegistry());
        }

        /** The maps are named as the library names them: either opens what the other has written. */
        @Override
        protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
            MVMap<String, Object> meta = getMvStore().openMap(META_PREFIX + databaseName + "." + name);
            return new KeyedCollection(this, name, options, openDocuments(name), meta, cursorRegistry);
        }

        /** Opens the index's map with our own order of keys first: the library then takes the map that is open. */
        @Override
        protected Index<Object> openOrCreateUniqueIndex(
            String collection, String index, List<IndexKey> keys, boolean sparse) {
            MVMap<KeyValue, Object> map = getMvStore().openMap(
                databaseName + "." + collection + INDEX_INFIX + index,
                new MVMap.Builder<KeyValue, Object>().keyType(new IndexKeyType()));
            return keys.size() == 1 && keys.get(0).getKey().equals(IdIndex.ID)
                ? new IdIndex(index, keys, openDocuments(collection), map)
                : super.openOrCreateUniqueIndex(collection, index, keys, sparse);
        }

        /** The library keeps nothing in other indexes. Their collection keeps the order of the first field. */
        @Override
        protected Index<Object> openOrCreateSecondaryIndex(
            String collection, String index, List<IndexKey> keys, boolean sparse) {
            if (resolveCollection(collection, false) instanceof KeyedCollection keyed) {
                keyed.keepOrder(keys.get(0).getKey());
            }
            return new EmptyIndex<>(index, keys) {
                /** For an empty one the library would read all documents, twice. */
                @Override
                public boolean isEmpty() {
                    return false;
                }
            };
        }

        private MVMap<Object, Document> openDocuments(String collection) {
            return getMvStore().openMap(
                DATABASES_PREFIX + databaseName + "." + collection,
                new MVMap.Builder<Object, Document>().valueType(new DocumentType()));
        }
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        return new KeyedDatabase(name);
    }

    @Override
    public Document handleMessage(MongoMessage message) {
        try {
            return super.handleMessage(message);
        } catch (RuntimeException e) {
            if (!(e instanceof MongoServerError)) {
                report(e);
            }
            throw e;
        }
    }

    @Override
    public Document handleCommand(Channel channel, String database, String command, Document query) {
        if (isRead(command, query)) {
            return super.handleCommand(channel, database, command, query);
        }
        return group.write(() -> super.handleCommand(channel, database, command, query));
    }

    /** Frees space of overwritten documents; the store does this itself only together with its timed commits. */
    void compactIfWritten() {
        long commits = group.counts()[1];
        if (commits == compactedAt) {
            return;
        }
        compactedAt = commits;
        group.exclusively(() -> getMvStore().compact(COMPACT_FILL_PERCENT, COMPACT_BYTES));
    }

    /** How many writes were committed, and with how many commits. */
    long[] counts() {
        return group.counts();
    }

    private static boolean isRead(String command, Document query) {
        String name = command.toLowerCase(Locale.ROOT);
        if (!name.equals("aggregate")) {
            return READS.contains(name);
        }
        if (!(query.get("pipeline") instanceof List<?> stages)) {
            return false;
        }
        return stages.stream().noneMatch(stage ->
            stage instanceof Document step && (step.containsKey("$out") || step.containsKey("$merge")));
    }

    /** Where a fault happened, without its message: messages may quote a document. */
    private static void report(RuntimeException fault) {
        StringBuilder text = new StringBuilder(fault.getClass().getName());
        for (StackTraceElement frame : fault.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        System.err.println(text);
    }
}
