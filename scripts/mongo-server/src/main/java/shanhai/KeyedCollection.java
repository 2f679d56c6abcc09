package shanhai;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * A collection that finds documents by {@code _id} also where a query asks for more than that: an update under the
 * condition of a version, or a range of ids. The library looks at every document there.
 */
final class KeyedCollection extends H2Collection {

    private final MVMap<Object, Document> documents;

    KeyedCollection(
        MongoDatabase database, String name, CollectionOptions options, MVMap<Object, Document> documents,
        MVMap<String, Object> meta, CursorRegistry cursors) {
        super(database, name, options, documents, meta, cursors);
        this.documents = documents;
    }

    /** Nobody asks how large a collection is; to know it the library encodes every document once more, at each write. */
    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected QueryResult matchDocuments(
        Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
        // Positions are ids only where the collection has them; without an order that is natural, ids are as good as any.
        if (getIdField() == null || isNaturalDescending(orderBy)) {
            return super.matchDocuments(query, orderBy, skip, limit, batchSize, fields);
        }
        return IdCondition.of(query)
            .map(this::candidates)
            .map(found -> matchDocumentsFromStream(found, query, orderBy, skip, limit, batchSize, fields))
            .orElseGet(() -> super.matchDocuments(query, orderBy, skip, limit, batchSize, fields));
    }

    private Stream<Document> candidates(IdCondition asked) {
        if (asked.ids() != null) {
            return asked.ids().stream().map(this::getDocument).filter(Objects::nonNull);
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
