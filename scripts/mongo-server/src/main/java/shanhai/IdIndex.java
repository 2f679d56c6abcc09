package shanhai;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.h2.mvstore.MVMap;

/**
 * The unique index on {@code _id}. Documents stand under their ids already: for ids that are texts it answers from there
 * and keeps nothing of its own. Other ids have a map as the library keeps it for all: a number is the same id as an
 * integer and as a double, which stand apart among the documents.
 */
final class IdIndex extends AbstractUniqueIndex<Object> {

    static final String ID = "_id";

    private final MVMap<Object, Document> documents;
    private final MVMap<KeyValue, Object> others;

    IdIndex(String name, List<IndexKey> keys, MVMap<Object, Document> documents, MVMap<KeyValue, Object> others) {
        super(name, keys, false);
        this.documents = documents;
        this.others = others;
        dropTexts();
    }

    /** Earlier versions kept texts in the map too: they go, unless other ids are among them. */
    private void dropTexts() {
        // Documents are in the order of their ids' types first.
        if (documents.firstKey() instanceof String && documents.lastKey() instanceof String && !others.isEmpty()) {
            others.clear();
        }
    }

    @Override
    public synchronized void checkAdd(Document document, MongoCollection<Object> collection) {
        // Where it is there, the library says so in its own words.
        if (!(document.get(ID) instanceof String id) || documents.containsKey(id)) {
            super.checkAdd(document, collection);
        }
    }

    /** Called when the document is among the others already. */
    @Override
    public synchronized void add(Document document, Object position, MongoCollection<Object> collection) {
        if (!(document.get(ID) instanceof String)) {
            super.add(document, position, collection);
        }
    }

    @Override
    public synchronized Object remove(Document document) {
        return document.get(ID) instanceof String id ? textPosition(id) : super.remove(document);
    }

    @Override
    public Object getPosition(Document document) {
        return document.get(ID) instanceof String id ? textPosition(id) : super.getPosition(document);
    }

    @Override
    public synchronized void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
        if (!keepsText(before, after)) {
            super.checkUpdate(before, after, collection);
        }
    }

    @Override
    public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
        if (!keepsText(before, after)) {
            super.updateInPlace(before, after, position, collection);
        }
    }

    @Override
    protected Object getPosition(KeyValue key) {
        return key.get(0) instanceof String id ? textPosition(id) : others.get(key);
    }

    @Override
    protected Object removeDocument(KeyValue key) {
        return others.remove(key);
    }

    @Override
    protected boolean putKeyPosition(KeyValue key, Object position) {
        return others.putIfAbsent(key, Missing.ofNullable(position)) == null;
    }

    /** Asked for regular expressions, which only texts match. */
    @Override
    protected Iterable<Entry<KeyValue, Object>> getIterable() {
        return documents.keySet().stream()
            .filter(String.class::isInstance)
            .map(id -> Map.entry(new KeyValue(id), id))::iterator;
    }

    @Override
    public long getCount() {
        return documents.sizeAsLong();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }

    private Object textPosition(String id) {
        return documents.containsKey(id) ? id : null;
    }

    private static boolean keepsText(Document before, Document after) {
        return before.get(ID) instanceof String id && id.equals(after.get(ID));
    }
}
