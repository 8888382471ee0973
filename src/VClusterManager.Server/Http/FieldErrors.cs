namespace VClusterManager.Server.Http;

/// <summary>Gathers what is wrong with the fields of a request, so that all of it is said at once.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, List<string>> errors = [];

    public int Count => errors.Sum(e => e.Value.Count);

    public void Add(string field, string message)
    {
        if (!errors.TryGetValue(field, out var messages))
        {
            errors[field] = messages = [];
        }
        messages.Add(message);
    }

    public void AddIf(string? message, string field)
    {
        if (message is not null)
        {
            Add(field, message);
        }
    }

    public Problem? ToProblem()
    {
        if (errors.Count == 0)
        {
            return null;
        }
        var first = string.Join("; ", errors.Select(e => $"{e.Key} {string.Join(", ", e.Value)}"));
        return new Problem(ProblemKind.Invalid, $"The request is not valid: {first}.")
        {
            Errors = errors.ToDictionary(e => e.Key, e => e.Value.ToArray()),
        };
    }
}
