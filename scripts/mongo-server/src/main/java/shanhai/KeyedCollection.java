package shanhai;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * A collection that finds documents by {@code _id} also where a query asks for more than that: an update under the
 * condition of a version, or a range of ids. The same for fields that an index begins with. The library looks at every
 * document there.
 */
final class KeyedCollection extends H2Collection {

    private final MVMap<Object, Document> documents;
    private final List<FieldOrder> orders = new ArrayList<>();

    KeyedCollection(
        MongoDatabase database, String name, CollectionOptions options, MVMap<Object, Document> documents,
        MVMap<String, Object> meta, CursorRegistry cursors) {
        super(database, name, options, documents, meta, cursors);
        this.documents = documents;
    }

    /** From now on queries may find documents by this field, which may be a path. */
    synchronized void keepOrder(String field) {
        if (!field.equals(IdIndex.ID) && orders.stream().noneMatch(order -> order.field().equals(field))) {
            orders.add(new FieldOrder(field, documents.getKeyType()));
        }
    }

    /** Nobody asks how large a collection is; to know it the library encodes every document once more, at each write. */
    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected Object addDocumentInternal(Document document) {
        Object position = super.addDocumentInternal(document);
        orders.forEach(order -> order.put(Missing.ofNullable(position), document));
        return position;
    }

    @Override
    protected void handleUpdate(Object position, Document before, Document after) {
        super.handleUpdate(position, before, after);
        orders.forEach(order -> order.put(Missing.ofNullable(position), after));
    }

    @Override
    protected void removeDocument(Object position) {
        super.removeDocument(position);
        orders.forEach(order -> order.remove(position));
    }

    /** Holds the lock that every write holds; the library counts without it. */
    @Override
    protected synchronized QueryResult matchDocuments(
        Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
        // Positions are ids only where the collection has them; without an order that is natural, ids are as good as any.
        if (!IdIndex.ID.equals(getIdField()) || isNaturalDescending(orderBy)) {
            return super.matchDocuments(query, orderBy, skip, limit, batchSize, fields);
        }
        Stream<Document> found = candidates(query, orderBy, limit > 0 ? (long) skip + limit : Long.MAX_VALUE);
        return found == null
            ? super.matchDocuments(query, orderBy, skip, limit, batchSize, fields)
            : matchDocumentsFromStream(found, query, orderBy, skip, limit, batchSize, fields);
    }

    /** The documents that can match, by the condition that leaves the fewest; null if none leaves half of them or less. */
    private Stream<Document> candidates(Document query, Document orderBy, long wanted) {
        TextCondition ids = TextCondition.of(query, IdIndex.ID).orElse(null);
        TextCondition best = ids;
        FieldOrder bestOrder = null;
        long fewest = ids == null ? documents.sizeAsLong() / 2 + 1 : count(ids);
        for (FieldOrder order : orders) {
            TextCondition asked = fewest < 2 ? null : TextCondition.of(query, order.field()).orElse(null);
            if (asked == null) {
                continue;
            }
            order.fill(documents);
            // Of a query that asks for nothing else, no more are looked at than are wanted.
            boolean all = query.size() > 1 || !isSorted(order, orderBy);
            long count = order.count(asked, all ? fewest : Math.min(fewest, wanted));
            if (count < fewest) {
                fewest = count;
                best = asked;
                bestOrder = order;
            }
        }
        if (bestOrder == null) {
            return best == null ? null : withIds(best);
        }
        return isSorted(bestOrder, orderBy)
            ? first(bestOrder.byText(best), orderBy, query, wanted)
            : bestOrder.candidates(best).stream().map(this::getDocument);
    }

    /** Whether documents are asked for in this order, at least to begin with, and have it. */
    private static boolean isSorted(FieldOrder order, Document orderBy) {
        return orderBy != null && !orderBy.isEmpty() && !order.hasLists()
            && orderBy.keySet().iterator().next().equals(order.field()) && orderBy.get(order.field()) instanceof Number;
    }

    /** Those that match, from the first text on until so many are found; those of one text all, for the rest of the order. */
    private Stream<Document> first(
        NavigableMap<String, NavigableSet<Object>> byText, Document orderBy, Document query, long wanted) {
        boolean ascending = ((Number) orderBy.values().iterator().next()).intValue() > 0;
        List<Document> found = new ArrayList<>();
        for (NavigableSet<Object> ids : (ascending ? byText : byText.descendingMap()).values()) {
            if (found.size() >= wanted) {
                break;
            }
            ids.stream().map(this::getDocument).filter(document -> documentMatchesQuery(document, query)).forEach(found::add);
        }
        return found.stream();
    }

    /** How many documents {@link #withIds} gives at most. */
    private long count(TextCondition asked) {
        if (asked.values() != null) {
            return asked.values().size();
        }
        long from = asked.from() == null ? 0 : countBefore(asked.from());
        long to = asked.to() == null ? documents.sizeAsLong() : countBefore(asked.to()) + 1;
        return Math.max(0, to - from);
    }

    private long countBefore(String id) {
        long place = documents.getKeyIndex(id);
        return place < 0 ? -place - 1 : place;
    }

    private Stream<Document> withIds(TextCondition asked) {
        if (asked.values() != null) {
            return asked.values().stream().map(this::getDocument).filter(Objects::nonNull);
        }
        Cursor<Object, Document> cursor = documents.cursor(asked.from(), asked.to(), false);
        Iterator<Document> values = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return cursor.hasNext();
            }

            @Override
            public Document next() {
                cursor.next();
                return cursor.getValue();
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(values, Spliterator.ORDERED), false);
    }
}
