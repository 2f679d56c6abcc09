package shanhai;

import de.bwaldvogel.mongo.bson.Document;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The ids of a collection's documents in the order of the texts that one field has, in memory. Filled by the first query
 * it can serve; then told of every change. It says which documents can match a condition, not that they do. The library
 * changes a document where it stands, so what it had before is kept here. The collection's lock guards it.
 */
final class FieldOrder {

    private final String field;
    private final String[] path;
    private final Comparator<Object> idOrder;
    private final NavigableMap<String, NavigableSet<Object>> idsOf = new TreeMap<>();
    private final Map<Object, String> textOf;
    /** Documents with a list there match by any of its members: they are always among the candidates. */
    private final NavigableSet<Object> lists;
    private boolean filled;

    /** @param idOrder the order that the documents have in their collection */
    FieldOrder(String field, Comparator<Object> idOrder) {
        this.field = field;
        this.path = field.split("\\.", -1);
        this.idOrder = idOrder;
        this.textOf = new TreeMap<>(idOrder);
        this.lists = new TreeSet<>(idOrder);
    }

    String field() {
        return field;
    }

    /** Takes in all documents, unless it has them. Nothing else may be asked of it before. */
    void fill(Map<Object, Document> documents) {
        if (filled) {
            return;
        }
        idsOf.clear();
        textOf.clear();
        lists.clear();
        documents.forEach(this::place);
        filled = true;
    }

    /** A document was added or changed. */
    void put(Object id, Document document) {
        if (filled) {
            place(id, document);
        }
    }

    /** A document is gone. */
    void remove(Object id) {
        lists.remove(id);
        String text = textOf.remove(id);
        if (text == null) {
            return;
        }
        NavigableSet<Object> ids = idsOf.get(text);
        ids.remove(id);
        if (ids.isEmpty()) {
            idsOf.remove(text);
        }
    }

    /** How many documents can match; no more are counted once there are so many. */
    long count(TextCondition asked, long enough) {
        long count = lists.size();
        for (NavigableSet<Object> ids : byText(asked).values()) {
            if (count >= enough) {
                break;
            }
            count += ids.size();
        }
        return count;
    }

    /** The ids of the documents that can match, in the order of ids. */
    Collection<Object> candidates(TextCondition asked) {
        NavigableSet<Object> all = new TreeSet<>(idOrder);
        all.addAll(lists);
        byText(asked).values().forEach(all::addAll);
        return all;
    }

    /** The same by text, each with its ids in order; where a document has a list, it is in none of them. */
    NavigableMap<String, NavigableSet<Object>> byText(TextCondition asked) {
        if (asked.values() != null) {
            NavigableMap<String, NavigableSet<Object>> found = new TreeMap<>();
            for (String text : asked.values()) {
                NavigableSet<Object> ids = idsOf.get(text);
                if (ids != null) {
                    found.put(text, ids);
                }
            }
            return found;
        }
        if (asked.from() != null && asked.to() != null && asked.from().compareTo(asked.to()) > 0) {
            return new TreeMap<>();
        }
        NavigableMap<String, NavigableSet<Object>> range = idsOf;
        if (asked.from() != null) {
            range = range.tailMap(asked.from(), true);
        }
        return asked.to() == null ? range : range.headMap(asked.to(), true);
    }

    boolean hasLists() {
        return !lists.isEmpty();
    }

    private void place(Object id, Document document) {
        Object value = valueIn(document);
        if (value instanceof String text && text.equals(textOf.get(id))) {
            return;
        }
        remove(id);
        if (value instanceof String text) {
            textOf.put(id, text);
            idsOf.computeIfAbsent(text, first -> new TreeSet<>(idOrder)).add(id);
        } else if (value instanceof Collection<?> list && !list.isEmpty()) {
            lists.add(id);
        }
    }

    /** The value of the field, or the list on the way to it; null if there is neither. */
    private Object valueIn(Document document) {
        Object value = document;
        for (String name : path) {
            if (value instanceof Collection<?>) {
                return value;
            }
            value = value instanceof Document within ? within.get(name) : null;
        }
        return value;
    }
}
