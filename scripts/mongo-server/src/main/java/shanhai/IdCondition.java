package shanhai;

import de.bwaldvogel.mongo.bson.Document;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a query asks of {@code _id}, as far as that narrows down which documents can match: certain ids, or all between
 * two. Ids are strings; any other question narrows nothing.
 *
 * @param ids these only; null where a range is asked for
 * @param from no document before this one; null for no such bound
 * @param to no document after this one; null for no such bound
 */
record IdCondition(Collection<String> ids, String from, String to) {

    private static final String ID = "_id";
    private static final Set<String> BOUNDS = Set.of("$gt", "$gte", "$lt", "$lte");

    /** The condition of a query, from its own {@code _id} or from one within its {@code $and}. */
    static Optional<IdCondition> of(Document query) {
        if (query.containsKey(ID)) {
            return read(query.get(ID));
        }
        if (!(query.get("$and") instanceof List<?> parts)) {
            return Optional.empty();
        }
        return parts.stream()
            .flatMap(part -> part instanceof Document document ? of(document).stream() : Stream.empty())
            .findFirst();
    }

    private static Optional<IdCondition> read(Object asked) {
        if (asked instanceof String id) {
            return Optional.of(new IdCondition(List.of(id), null, null));
        }
        if (!(asked instanceof Document operators) || operators.isEmpty()) {
            return Optional.empty();
        }
        if (operators.keySet().equals(Set.of("$in"))) {
            return listed(operators.get("$in"));
        }
        return BOUNDS.containsAll(operators.keySet()) ? between(operators) : Optional.empty();
    }

    private static Optional<IdCondition> listed(Object asked) {
        if (!(asked instanceof Collection<?> values) || !values.stream().allMatch(String.class::isInstance)) {
            return Optional.empty();
        }
        Set<String> ids = new TreeSet<>();
        values.forEach(value -> ids.add((String) value));
        return Optional.of(new IdCondition(ids, null, null));
    }

    private static Optional<IdCondition> between(Document operators) {
        String from = null;
        String to = null;
        for (Map.Entry<String, Object> bound : operators.entrySet()) {
            if (!(bound.getValue() instanceof String value)) {
                return Optional.empty();
            }
            if (bound.getKey().startsWith("$g")) {
                from = from == null || from.compareTo(value) < 0 ? value : from;
            } else {
                to = to == null || to.compareTo(value) > 0 ? value : to;
            }
        }
        return Optional.of(new IdCondition(null, from, to));
    }
}
