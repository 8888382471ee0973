using System.ComponentModel;
using Microsoft.AspNetCore.Http.Metadata;

namespace VClusterManager.Server.Http.Failures;

/// <summary>
/// Says which parameter could not be read where the framework only answers 400: the code that it generates throws for
/// a required one, and for an optional one it does not.
/// </summary>
internal static class UnreadParameters
{
    /// <summary><see langword="null"/>: the 400 has another reason.</summary>
    public static Problem? Explain(HttpContext context)
    {
        if (context.Response.StatusCode != StatusCodes.Status400BadRequest)
        {
            return null;
        }

        var unread = context
            .GetEndpoint()
            ?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .FirstOrDefault(parameter =>
                parameter is { HasTryParse: true, IsOptional: true }
                && context.Request.Query[parameter.Name].ToString() is { Length: > 0 } text
                && !TypeDescriptor.GetConverter(TypeOf(parameter)).IsValid(text)
            );
        return unread is null
            ? null
            : ProblemResults.Invalid(unread.Name, $"must be {ApiTypes.Words(TypeOf(unread).FullName!)}");
    }

    private static Type TypeOf(IParameterBindingMetadata parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;
}
