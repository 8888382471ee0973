using System.Text.Json;

namespace VClusterManager.Server.Http.Failures;

/// <summary>.NET's types in the words of the API.</summary>
internal static class ApiTypes
{
    /// <param name="type">As exceptions print it: <c>System.Nullable`1[System.Int32]</c>, <c>int?</c>.</param>
    public static string Words(string type)
    {
        var inner = type.TrimEnd('?');
        if (inner.StartsWith("System.Nullable`1[", StringComparison.Ordinal))
        {
            inner = inner["System.Nullable`1[".Length..^1];
        }

        return inner switch
        {
            "System.Int32" or "System.Int64" or "int" or "long" => "a whole number",
            "System.Double" or "System.Decimal" or "double" or "decimal" => "a number",
            "System.Boolean" or "bool" => "true or false",
            "System.String" or "string" => "text",
            "System.Guid" or "Guid" => "an id (a UUID)",
            "System.DateTimeOffset" or "DateTimeOffset" => "a time with its offset, such as 2027-01-31T00:00:00Z",
            _ when inner.EndsWith("[]", StringComparison.Ordinal)
                    || inner.Contains("List`1", StringComparison.Ordinal) => "a list",
            _ when IsScalarOfOurs(inner) => "one of the values that are documented for it",
            _ => "an object",
        };
    }

    /// <summary>A handler's parameter as the API names it: <c>ttlHours</c> is <c>ttl_hours</c>.</summary>
    public static string FieldName(string parameter) => JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter);

    private static bool IsScalarOfOurs(string type) =>
        typeof(Contracts.Health).Assembly.GetType(type) is { IsEnum: true };
}
