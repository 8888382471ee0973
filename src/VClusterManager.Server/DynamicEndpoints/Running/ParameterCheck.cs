using System.Globalization;
using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>Whether values are what their parameter takes. They are used as they were given, never in another form. Pure.</summary>
internal static class ParameterCheck
{
    private const int LongestName = 253;
    private const int LongestNumber = 30;

    /// <summary>What is wrong with all values together; <see langword="null"/>: nothing.</summary>
    public static string? WrongWith(ParameterDefinition parameter, IReadOnlyList<string> values)
    {
        if (parameter.IsList)
        {
            if (values.Count < parameter.Min)
            {
                return $"must have at least {parameter.Min} entries";
            }

            if (values.Count > parameter.Max)
            {
                return $"must have at most {parameter.Max} entries";
            }
        }
        else if (values.Count != 1)
        {
            return "must be given once";
        }

        return values.Select(value => WrongWith(parameter, value)).FirstOrDefault(wrong => wrong is not null);
    }

    private static string? WrongWith(ParameterDefinition parameter, string text) =>
        text.Length > parameter.MaxLength ? $"must be at most {parameter.MaxLength} characters long"
        : parameter.Choices is { } choices && !choices.Contains(text) ? $"must be one of {string.Join(", ", choices)}"
        : WrongType(parameter, text)
            ?? (parameter.Pattern?.IsMatch(text) == false ? $"must match {parameter.PatternText}" : null);

    private static string? WrongType(ParameterDefinition parameter, string text) =>
        parameter.ValueType switch
        {
            ParameterType.Integer => !IsInteger(text)
                ? "must be a whole number"
                : WrongBounds(parameter, long.Parse(text, CultureInfo.InvariantCulture)),
            ParameterType.Number => !IsNumber(text, out var number)
                ? "must be a number such as 0.5"
                : WrongBounds(parameter, number),
            ParameterType.Boolean => text is "true" or "false" ? null : "must be true or false",
            ParameterType.K8sName => IsName(text)
                ? null
                : "must be a name as Kubernetes has it: lower-case letters, digits, '-' and '.'",
            _ => null,
        };

    /// <summary>The bounds of a list are those of its number of entries.</summary>
    private static string? WrongBounds(ParameterDefinition parameter, decimal number) =>
        parameter.IsList ? null
        : number < parameter.Min ? $"must be at least {parameter.Min}"
        : number > parameter.Max ? $"must be at most {parameter.Max}"
        : null;

    /// <summary>In the one form that a number has: what is checked is what the tool reads.</summary>
    private static bool IsInteger(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == text;

    private static bool IsNumber(string text, out decimal number)
    {
        number = 0;
        return text.Length is > 0 and <= LongestNumber
            && text.All(c => char.IsAsciiDigit(c) || c is '-' or '.')
            && char.IsAsciiDigit(text[^1])
            && text.TrimStart('-') is [>= '0' and <= '9', ..]
            && decimal.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out number
            );
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1]);
}
