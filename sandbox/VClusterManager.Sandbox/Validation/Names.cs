using System.Text.RegularExpressions;

namespace VClusterManager.Sandbox.Validation;

/// <summary>The forms that names and labels have, and what the server says of those that do not.</summary>
internal static partial class Names
{
    private const string LabelForm = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string ServiceForm = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainForm = @"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
    private const string ValueForm = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
    private const string KeyForm = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    /// <summary>A DNS label, as namespaces are named.</summary>
    public static IEnumerable<string> ProblemsOfLabel(string name) =>
        Problems(
            name,
            63,
            Label().IsMatch(name),
            $"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{LabelForm}')"
        );

    /// <summary>A DNS label that begins with a letter, as Services are named.</summary>
    public static IEnumerable<string> ProblemsOfService(string name) =>
        Problems(
            name,
            63,
            Service().IsMatch(name),
            $"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '{ServiceForm}')"
        );

    /// <summary>A DNS name, as most things are named.</summary>
    public static IEnumerable<string> ProblemsOfSubdomain(string name) =>
        Problems(
            name,
            253,
            Subdomain().IsMatch(name),
            $"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{SubdomainForm}')"
        );

    /// <summary>Anything that can stand in a path, as roles are named.</summary>
    public static IEnumerable<string> ProblemsOfPathSegment(string name)
    {
        if (name is "." or "..")
        {
            yield return $"may not be '{name}'";
        }

        foreach (var forbidden in new[] { "/", "%" })
        {
            if (name.Contains(forbidden, StringComparison.Ordinal))
            {
                yield return $"may not contain '{forbidden}'";
            }
        }
    }

    public static IEnumerable<string> ProblemsOfLabelValue(string value) =>
        Problems(
            value,
            63,
            Value().IsMatch(value),
            $"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '{ValueForm}')"
        );

    /// <summary>A key of a label or an annotation: a name, with or without a DNS name in front.</summary>
    public static IEnumerable<string> ProblemsOfKey(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            return
            [
                $"a qualified name must consist of {KeyWords} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
            ];
        }

        var prefix =
            parts.Length == 1 ? []
            : parts[0].Length == 0 ? ["prefix part must be non-empty"]
            : ProblemsOfSubdomain(parts[0]).Select(problem => $"prefix part {problem}");
        var name = parts[^1];
        return prefix.Concat(
            name.Length == 0
                ? ["name part must be non-empty", $"name part must consist of {KeyWords}"]
                : Problems(name, 63, Key().IsMatch(name), $"must consist of {KeyWords}")
                    .Select(problem => $"name part {problem}")
        );
    }

    private const string KeyWords =
        $"alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{KeyForm}')";

    private static IEnumerable<string> Problems(string name, int longest, bool fits, string form)
    {
        if (name.Length > longest)
        {
            yield return $"must be no more than {longest} bytes";
        }

        if (!fits)
        {
            yield return form;
        }
    }

    [GeneratedRegex($"^{LabelForm}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex($"^{ServiceForm}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Service();

    [GeneratedRegex($"^{SubdomainForm}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Subdomain();

    [GeneratedRegex($"^{ValueForm}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Value();

    [GeneratedRegex($"^{KeyForm}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
